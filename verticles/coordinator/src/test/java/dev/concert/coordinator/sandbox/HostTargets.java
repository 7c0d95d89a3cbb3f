package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What an agent must not reach, all of it real: files and sockets of others, listeners on all
 * addresses, an abstract socket, shared memory, a key, a process.
 */
final class HostTargets implements AutoCloseable {
  private final String name = "concert-test-" + UUID.randomUUID();
  private final int sharedKey = (name.hashCode() & 0x3FFFFFFF) | 1;
  private final Path data;
  private final ServerSocket gateway = new ServerSocket(0);
  private final ServerSocket ensemble = new ServerSocket(0);
  private final ServerSocketChannel otherAgent =
      ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  private final Process process;

  HostTargets(Path root, Path script) throws IOException {
    data = Files.createDirectories(root.resolve("data/other"));
    Files.writeString(data.resolveSibling("secret"), "host-secret");
    Files.writeString(data.resolve("file"), "of another agent");
    otherAgent.bind(UnixDomainSocketAddress.of(data.resolve("ipc.sock")));
    for (Path folder : new Path[] {Path.of("/dev/shm"), Path.of("/tmp")}) {
      Files.writeString(folder.resolve(name), "of the host");
    }
    process =
        new ProcessBuilder("python3", script.toString(), name, Integer.toString(sharedKey))
            .redirectErrorStream(true)
            .start();
    String said = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (!"ready".equals(said)) {
      throw new IOException("The host's side does not start: " + said);
    }
  }

  /** What the attempts need to know of it. */
  Map<String, String> variables() throws IOException {
    Map<String, String> known = new HashMap<>();
    known.put("HOST_SECRET_FILE", data.resolveSibling("secret").toString());
    known.put("HOST_OTHER_FILE", data.resolve("file").toString());
    known.put("HOST_OTHER_SOCKET", data.resolve("ipc.sock").toString());
    known.put("HOST_PORT", Integer.toString(gateway.getLocalPort()));
    known.put("HOST_ENSEMBLE_PORT", Integer.toString(ensemble.getLocalPort()));
    known.put("HOST_ADDRESS", address());
    known.put("HOST_ABSTRACT", name);
    known.put("HOST_SHARED_MEMORY", name);
    known.put("HOST_SHARED_KEY", Integer.toString(sharedKey));
    known.put("HOST_KEY", name);
    known.put("HOST_PROCESS", Long.toString(process.pid()));
    // Backwards: the sandbox's own command line has these variables in it.
    known.put("HOST_REVERSED_COMMAND", "yp.tsoh");
    known.put("HOST_PASSWD", "daemon:");
    known.put("HOST_OWN_USER", "root".equals(System.getProperty("user.name")) ? "yes" : "no");
    return known;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private static String address() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .filter(address -> !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElse("127.0.0.1");
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
    gateway.close();
    ensemble.close();
    otherAgent.close();
    for (Path folder : new Path[] {Path.of("/dev/shm"), Path.of("/tmp")}) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }
}
