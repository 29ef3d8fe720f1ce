"""OpenStack Swift with its S3 face, small and whole: all of its servers in this process, one disk, one account.

Arguments: a directory for all that it keeps, the port to listen on (0: any), the secret key of the access key
"test:tester". Prints its address once it listens.
"""

import os
import sys

import eventlet

eventlet.monkey_patch()

from eventlet import listen, wsgi
from swift.common import utils

directory, port, secret_key = sys.argv[1:]
settings = os.path.join(directory, "settings")
os.makedirs(settings, exist_ok=True)
os.makedirs(os.path.join(directory, "devices", "disk"), exist_ok=True)


def write(name, text):
    path = os.path.join(settings, name)
    with open(path, "w") as file:
        file.write(text)
    return path


write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n")
utils.set_swift_dir(settings)

# these read swift.conf while they are imported
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.ring import RingBuilder
from swift.common.storage_policy import reload_storage_policies
from swift.common.wsgi import loadapp

# on a busy machine nothing may be put off until later, as nobody would do it then
PATIENCE = """
conn_timeout = 30
node_timeout = 60
container_update_timeout = 60
"""
STORAGE = f"""
[DEFAULT]
swift_dir = {settings}
{PATIENCE}
devices = {directory}/devices
mount_check = false
[app:main]
use = egg:swift#%s
"""
PROXY = f"""
[DEFAULT]
swift_dir = {settings}
{PATIENCE}
[pipeline:main]
pipeline = s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret_key} .admin
"""


class Memory:
    """As much of memcached as signing in asks for."""

    def __init__(self):
        self.values = {}

    def get(self, key, **_):
        return self.values.get(key)

    def set(self, key, value, **_):
        self.values[key] = value

    def delete(self, key, **_):
        self.values.pop(key, None)


memory = Memory()


def serve(socket, path):
    app = loadapp(path)

    def remembering(environment, start_response):
        environment["swift.cache"] = memory
        return app(environment, start_response)

    eventlet.spawn(wsgi.server, socket, remembering, open(os.devnull, "w"), protocol=SwiftHttpProtocol)


storage = {name: listen(("127.0.0.1", 0)) for name in ("account", "container", "object")}
for name, socket in storage.items():
    ring = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    place = {"ip": "127.0.0.1", "port": socket.getsockname()[1], "device": "disk"}
    ring.add_dev({"region": 1, "zone": 1, "weight": 1, **place})
    ring.rebalance()
    ring.get_ring().save(os.path.join(settings, f"{name}.ring.gz"))
reload_storage_policies()
for name, socket in storage.items():
    serve(socket, write(f"{name}.conf", STORAGE % name))
face = listen(("127.0.0.1", int(port)))
serve(face, write("proxy.conf", PROXY))
print(f"http://127.0.0.1:{face.getsockname()[1]}", flush=True)
while True:
    eventlet.sleep(3600)
