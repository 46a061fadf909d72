"""Find the identity provider that tests sign in at: `python tests/browser/find_provider.py [--install]` says where.

It runs on Node.js, which nothing else here needs: without it the tests of single sign-on are skipped, and say so.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).with_name("oidc")
OLDEST_NODE = 18


def find_provider() -> tuple[str, ...] | None:
    """The command that starts it, if Node.js and its packages are there."""
    node = shutil.which("node")
    installed = (FOLDER / "node_modules" / "oidc-provider" / "package.json").is_file()
    return (node, str(FOLDER / "provider.js")) if node and installed and _is_new_enough(node) else None


def install_provider() -> None:
    """Its packages, by name and checksum; before that Node.js, where root may install it."""
    if shutil.which("npm") is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "nodejs", "npm"]
        subprocess.run(command, check=True, env=quiet, stdout=sys.stderr)
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError(f"There is no npm here. Install Node.js {OLDEST_NODE} or newer.")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    subprocess.run(command, cwd=FOLDER, check=True, stdout=sys.stderr)


def _is_new_enough(node: str) -> bool:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
        return int(said.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False


def main() -> int:
    command = find_provider()
    if command is None and "--install" in sys.argv[1:]:
        print("Installing the identity provider of the tests (once) ...", file=sys.stderr)
        try:
            install_provider()
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"That failed: {error}", file=sys.stderr)
        command = find_provider()
    if command is None:
        # Not a failure: the dashboard is complete without, and the tests say that they were skipped.
        print("No identity provider to test with: the tests of single sign-on will be skipped.", file=sys.stderr)
    else:
        print(*command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
