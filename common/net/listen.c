// listen.c - listening sockets, made before anybody else may open them.
#include "common/net/listen.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 512 };

// A socket's path may have 107 characters; by way of the folder's descriptor ours never needs more.
int listen_unix(int dir_fd, const char *name)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int n = snprintf(at.sun_path, sizeof at.sun_path, "/proc/self/fd/%d/%s", dir_fd, name);
    if (n < 0 || (size_t)n >= sizeof at.sun_path)
        return -ENAMETOOLONG;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    unlinkat(dir_fd, name, 0);
    mode_t before = umask(0177);
    int rc = bind(fd, (struct sockaddr *)&at, sizeof at) == 0 ? 0 : -errno;
    umask(before);
    if (rc == 0 && listen(fd, BACKLOG) != 0)
        rc = -errno;
    if (rc < 0)
        close(fd);
    return rc < 0 ? rc : fd;
}

static int bind_to(const struct addrinfo *a, int *ret_port)
{
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } bound;
    socklen_t n = sizeof bound;
    if (bind(fd, a->ai_addr, a->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, &bound.any, &n) != 0) {
        int rc = -errno;
        close(fd);
        return rc;
    }
    *ret_port = ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
    return fd;
}

int listen_tcp(const char *host, int port, int *ret_port)
{
    char service[16];
    struct addrinfo *found = NULL;
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return -EINVAL;
    int fd = bind_to(found, ret_port);
    freeaddrinfo(found);
    return fd;
}

int listen_peer_is_us(int fd)
{
    struct ucred peer;
    socklen_t n = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
        return 0;
    return peer.uid == geteuid() || peer.uid == 0;
}

void listen_address(int fd, char ret[LISTEN_ADDRESS])
{
    struct sockaddr_storage at = {0};
    socklen_t n = sizeof at;
    char host[LISTEN_ADDRESS - 2];
    ret[0] = 0;
    if (getsockname(fd, (struct sockaddr *)&at, &n) != 0 ||
        getnameinfo((struct sockaddr *)&at, n, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0)
        return;
    snprintf(ret, LISTEN_ADDRESS, at.ss_family == AF_INET6 ? "[%s]" : "%s", host);
}
