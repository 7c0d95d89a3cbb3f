package dev.concert.gateway.auth;

import io.vertx.core.Future;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel for one socket (sock_diag(7)). It finds the socket in its hash table and answers
 * within microseconds and without waiting, however many there are; so this is used on event loops,
 * while the table in {@code /proc} takes milliseconds for any question. Thread-safe.
 */
final class NetlinkUsers implements PeerUsers {
  private static final Logger LOG = LoggerFactory.getLogger(NetlinkUsers.class);
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int NETLINK_SOCK_DIAG = 4;
  private static final int MSG_DONTWAIT = 0x40;
  private static final short SOCK_DIAG_BY_FAMILY = 20;
  private static final short NLM_F_REQUEST = 1;
  static final byte TCP = 6;
  private static final byte LISTEN = 10;

  /** Lengths and offsets of struct nlmsghdr, inet_diag_req_v2 and inet_diag_msg. */
  private static final int REQUEST = 16 + 56;

  private static final int ANSWER = 16 + 72;
  private static final int TYPE = 4;
  private static final int STATE = 16 + 1;
  private static final int UID = 16 + 64;
  private static final int INODE = 16 + 68;

  private final byte protocol;
  private final MethodHandle socket;
  private final MethodHandle send;
  private final MethodHandle receive;
  private final MethodHandle close;

  NetlinkUsers() {
    this(TCP);
  }

  /**
   * @param protocol of the sockets, as IP numbers it
   */
  NetlinkUsers(byte protocol) {
    this.protocol = protocol;
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfInt number = ValueLayout.JAVA_INT;
    FunctionDescriptor transfer =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, number, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, number);
    this.socket = bind(linker, "socket", FunctionDescriptor.of(number, number, number, number));
    this.send = bind(linker, "send", transfer);
    this.receive = bind(linker, "recv", transfer);
    this.close = bind(linker, "close", FunctionDescriptor.of(number, number));
  }

  private static MethodHandle bind(Linker linker, String name, FunctionDescriptor type) {
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
  }

  /**
   * Whether this system answers such questions: a kernel without {@code tcp_diag} answers each with
   * an error, as if there were no such connection. Blocking.
   */
  boolean isAvailable() {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(any);
        SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
      return find(
              (InetSocketAddress) client.getLocalAddress(),
              (InetSocketAddress) client.getRemoteAddress())
          .isPresent();
    } catch (IOException e) {
      LOG.debug("A connection cannot be tried", e);
      return false;
    }
  }

  @Override
  public Future<OptionalLong> userOf(InetSocketAddress peer, InetSocketAddress own) {
    return Future.succeededFuture(find(peer, own));
  }

  private OptionalLong find(InetSocketAddress peer, InetSocketAddress own) {
    ByteBuffer answer = ask(peer, own);
    boolean found =
        answer.limit() >= ANSWER
            && answer.getShort(TYPE) == SOCK_DIAG_BY_FAMILY
            && answer.get(STATE) != LISTEN
            // One without inode is one that its program has closed.
            && answer.getInt(INODE) != 0;
    return found
        ? OptionalLong.of(Integer.toUnsignedLong(answer.getInt(UID)))
        : OptionalLong.empty();
  }

  /** The kernel's answer; empty where it gives none. */
  private ByteBuffer ask(InetSocketAddress local, InetSocketAddress remote) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) socket.invokeExact(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
      if (fd < 0) {
        return ByteBuffer.allocate(0);
      }
      try {
        MemorySegment request = arena.allocate(REQUEST);
        request.copyFrom(MemorySegment.ofArray(request(local, remote)));
        MemorySegment answer = arena.allocate(ANSWER);
        long sent = (long) send.invokeExact(fd, request, (long) REQUEST, 0);
        long length =
            sent == REQUEST
                ? (long) receive.invokeExact(fd, answer, (long) ANSWER, MSG_DONTWAIT)
                : 0;
        return ByteBuffer.wrap(
                answer.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE))
            .order(ByteOrder.nativeOrder());
      } finally {
        int _ = (int) close.invokeExact(fd);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("The kernel cannot be asked for a socket", e);
    }
  }

  private byte[] request(InetSocketAddress local, InetSocketAddress remote) {
    boolean isIpv4 = local.getAddress().getAddress().length == 4;
    ByteBuffer request = ByteBuffer.allocate(REQUEST).order(ByteOrder.nativeOrder());
    request.putInt(REQUEST).putShort(SOCK_DIAG_BY_FAMILY).putShort(NLM_F_REQUEST);
    request.putInt(0).putInt(0);
    request.put((byte) (isIpv4 ? AF_INET : AF_INET6)).put(protocol).put((byte) 0).put((byte) 0);
    request.putInt(-1);
    request.order(ByteOrder.BIG_ENDIAN);
    request.putShort((short) local.getPort()).putShort((short) remote.getPort());
    int addresses = request.position();
    request.put(local.getAddress().getAddress());
    request.position(addresses + 16).put(remote.getAddress().getAddress());
    // Any interface, any cookie.
    request.position(addresses + 32).putInt(0).putInt(-1).putInt(-1);
    return request.array();
  }
}
