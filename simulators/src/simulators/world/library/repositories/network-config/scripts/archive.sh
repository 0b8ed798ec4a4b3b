#!/bin/sh
# Fetches the running configuration of every device of a site and commits what changed.
set -eu
. "$(dirname "$0")/archive.env"
site=$1
python3 scripts/fetch.py --site "$site" --host "$ARCHIVE_HOST" --out devices/
git add devices && git commit -qm "Archive configurations of $site" && git push -q
