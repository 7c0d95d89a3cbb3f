package dev.concert.coordinator.sandbox;

import java.nio.file.Path;

/**
 * A way out of the sandbox: inside it, this port on 127.0.0.1 leads to this Unix socket of the
 * host. Git, npm and pip cannot use a Unix socket, so a relay in the sandbox forwards the port.
 *
 * @param port 1 to 65535; each port of an agent is another one
 * @param socket absolute path of a socket that listens before the agent starts; it is this agent's
 *     own, because it is given to the agent's user
 */
public record ForwardedPort(int port, Path socket) {
  public ForwardedPort {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("There is no port " + port + ".");
    }
    if (!socket.isAbsolute()) {
      throw new IllegalArgumentException("The path of a socket is absolute, unlike " + socket);
    }
  }
}
