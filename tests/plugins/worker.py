"""The background worker, run until nothing is left to do."""

from __future__ import annotations

import gc
import threading

import pytest


class Worker:
    """Runs the jobs that are waiting, in a thread of its own, as the product's worker does."""

    def run(self) -> None:
        """Run every job that is due, and wait for the last."""
        failure: list[BaseException] = []

        def work() -> None:
            from django.db import connections
            from procrastinate.contrib.django import app

            try:
                with app.replace_connector(app.connector.get_worker_connector()) as worker:
                    worker.run_worker(
                        wait=False, install_signal_handlers=False, listen_notify=False
                    )
            except BaseException as error:
                failure.append(error)
            finally:
                connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(timeout=120)
        # A job ran in a thread of its own, whose database connection goes when nothing holds it; the
        # traceback of a job that failed does, until it is collected.
        gc.collect()
        if failure:
            raise failure[0]


@pytest.fixture
def worker() -> Worker:
    """The worker of a test with a real database (``transaction=True``)."""
    return Worker()
