// The floor: what the kernel takes for writing 300 bytes to each of many loopback sockets, and nothing else.
// A child process reads, so its CPU is told apart; the kernel's own receive path runs within the send, as in any server.
//   floor <sockets> <rounds> <messages in one write>
// Prints one line of JSON: microseconds of user and system CPU a message, for the sender and for the reader.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { message_bytes = 300, most_messages = 64, most_sockets = 9000 };

static void need(int ok, const char *what) {
  if (!ok) {
    perror(what);
    exit(1);
  }
}

static double cpu_us(int who) {
  struct rusage usage;
  getrusage(who, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void read_all(int port, int sockets, long long expected) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  alarm(60);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int poll = epoll_create1(0);
  for (int i = 0; i < sockets; i++) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    need(fd >= 0, "socket");
    connect(fd, (struct sockaddr *)&address, sizeof address);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    need(epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
  }
  static char buffer[64 * 1024];
  struct epoll_event events[1024];
  while (expected > 0) {
    int ready = epoll_wait(poll, events, 1024, -1);
    for (int i = 0; i < ready; i++) {
      ssize_t got = recv(events[i].data.fd, buffer, sizeof buffer, 0);
      if (got > 0) expected -= got;
    }
  }
  _exit(0);
}

int main(int argc, char **argv) {
  need(argc == 4, "three arguments");
  int sockets = atoi(argv[1]), rounds = atoi(argv[2]), messages = atoi(argv[3]);
  need(sockets > 0 && sockets <= most_sockets && messages > 0 && messages <= most_messages, "arguments");
  alarm(60);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  need(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 4096) == 0, "listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  size_t bytes = (size_t)message_bytes * messages;
  if (fork() == 0) read_all(address.sin_port, sockets, (long long)bytes * sockets * rounds);
  static int fds[most_sockets];
  for (int i = 0; i < sockets; i++) {
    fds[i] = accept(listener, NULL, NULL);
    need(fds[i] >= 0, "accept");
    int on = 1;
    setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  static char message[message_bytes * most_messages];
  memset(message, 'x', sizeof message);
  double before = cpu_us(RUSAGE_SELF);
  for (int round = 0; round < rounds; round++) {
    for (int i = 0; i < sockets; i++) need(send(fds[i], message, bytes, 0) == (ssize_t)bytes, "send");
    // the reader keeps up, as clients do
    struct timespec pause = {.tv_nsec = 15 * 1000 * 1000};
    nanosleep(&pause, NULL);
  }
  double sender = cpu_us(RUSAGE_SELF) - before;
  wait(NULL);
  double count = (double)rounds * sockets * messages;
  printf("{\"sender\":%.3f,\"reader\":%.3f}\n", sender / count, cpu_us(RUSAGE_CHILDREN) / count);
  return 0;
}
