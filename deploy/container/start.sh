#!/bin/sh
# The data folder is a volume and may be empty: models and scripts are those of the image, phrases begin as those of the
# image and more are rendered. Then the command takes the place of this script, so that SIGTERM reaches it.
set -eu
umask 077
seed=${CALLBOT_SEED:-/opt/callbot/seed}
for part in models scripts; do
    if [ ! -e "$CALLBOT_DATA_DIR/$part" ] && [ -e "$seed/$part" ]; then
        ln -sfn "$seed/$part" "$CALLBOT_DATA_DIR/$part"
    fi
done
if [ ! -e "$CALLBOT_DATA_DIR/phrases" ] && [ -e "$seed/phrases" ]; then
    cp -R "$seed/phrases" "$CALLBOT_DATA_DIR/phrases"
fi
case "${1:-serve}" in
/*) exec "$@" ;;
*) exec callbot "$@" ;;
esac
