// listen.h - listening sockets, made before anybody else may open them.
#pragma once

// A Unix socket `name` in the folder, 0600, replacing one that is there. The descriptor, or -errno.
int listen_unix(int dir_fd, const char *name);
// A numeric address; port 0: any free one. The descriptor, or -errno.
int listen_tcp(const char *host, int port, int *ret_port);
// Whether the other end of a Unix socket is our own user, or root.
int listen_peer_is_us(int fd);
