package dev.concert.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which programs may use a gateway that does not authenticate its clients: those of the
 * user who runs the server. Agents of a sandbox are other users, and so are refused, like every
 * other account of the machine. Root is another user, too, unless the server itself runs as root.
 *
 * <p>Linux says whose a connection is. On a system that does not, a program shows the token of
 * {@link LocalToken}; the page cannot read it, and is believed by its origin alone. There any
 * program of the machine can pretend to be the page; a start says so.
 */
public final class LocalCallers {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCallers.class);
  private static final String BEARER = "Bearer ";

  private final Optional<PeerUsers> users;
  private final long self;
  private final Optional<byte[]> token;
  private final boolean insecure;

  LocalCallers(Optional<PeerUsers> users, long self, Optional<String> token, boolean insecure) {
    this.users = users;
    this.self = self;
    this.token = token.map(text -> text.getBytes(StandardCharsets.US_ASCII));
    this.insecure = insecure;
  }

  /**
   * As this system can tell. Blocking.
   *
   * @param data folder for the token, where the system does not tell users
   * @param insecure lets programs of other machines in
   */
  public static LocalCallers ofThisSystem(Vertx vertx, Path data, boolean insecure)
      throws IOException {
    Optional<PeerUsers> users = users(vertx);
    if (users.isEmpty()) {
      LOG.warn(
          "This system does not say whose a connection is: any program of this machine can"
              + " pretend to be the page. Where others have an account here, set up sign-in.");
    }
    return users.isPresent()
        ? new LocalCallers(users, userOfThisProcess(), Optional.empty(), insecure)
        : new LocalCallers(Optional.empty(), -1, Optional.of(LocalToken.write(data)), insecure);
  }

  private static Optional<PeerUsers> users(Vertx vertx) {
    if (!SocketTable.exists()) {
      return Optional.empty();
    }
    NetlinkUsers netlink = new NetlinkUsers();
    return Optional.of(netlink.isAvailable() ? netlink : new SocketTableUsers(vertx));
  }

  /** The effective user id, which the sockets of a process have. */
  private static long userOfThisProcess() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> Long.parseLong(line.split("\\s+")[2]))
        .findFirst()
        .orElseThrow(() -> new IOException("/proc/self/status names no user"));
  }

  /** Whose program has connected. Never fails. */
  public Future<PeerUser> userOf(InetSocketAddress peer, InetSocketAddress own) {
    return users
        .map(known -> known.userOf(peer, own).map(this::classify))
        .orElseGet(() -> Future.succeededFuture(PeerUser.UNKNOWN));
  }

  private PeerUser classify(OptionalLong user) {
    return user.isEmpty()
        ? PeerUser.UNKNOWN
        : user.getAsLong() == self ? PeerUser.SERVERS : PeerUser.OTHER;
  }

  /**
   * @param isOfThisMachine whether it came from a loopback address
   * @param isOfThePage whether the browser says that the server's own page sends it
   * @param authorization the header; null if there is none
   */
  public boolean admits(
      PeerUser peer, boolean isOfThisMachine, boolean isOfThePage, String authorization) {
    return switch (peer) {
      case SERVERS -> true;
      case OTHER -> false;
      case UNKNOWN ->
          (insecure && !isOfThisMachine)
              || hasToken(authorization)
              || (users.isEmpty() && isOfThePage);
    };
  }

  private boolean hasToken(String authorization) {
    return token.isPresent()
        && authorization != null
        && authorization.startsWith(BEARER)
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(StandardCharsets.US_ASCII),
            token.get());
  }
}
