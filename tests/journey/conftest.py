import pytest
@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox","--disable-gpu","--disable-background-networking"]}
