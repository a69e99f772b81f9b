// listen.h - listening sockets, made before anybody else may open them.
#pragma once

enum { LISTEN_ADDRESS = 64 };

// A Unix socket `name` in the folder, 0600, replacing one that is there. The descriptor, or -errno.
int listen_unix(int dir_fd, const char *name);
// A numeric address; port 0: any free one. The descriptor, or -errno.
int listen_tcp(const char *host, int port, int *ret_port);
// Whether the other end of a Unix socket is our own user, or root.
int listen_peer_is_us(int fd);
// The address that a connection came to, as it stands in a URL: "10.0.0.5", "[fd00::5]"; or "".
void listen_address(int fd, char ret[LISTEN_ADDRESS]);
