package dev.concert.bridges.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is no friend. */
class XmppStreamTest {
  private static final String HEADER =
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
          + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
  private static final String FEATURES = "<stream:features/>";

  /** Connects to a server that says this and nothing else. */
  private static XmppStream connect(String said) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try (server;
                  Socket socket = server.accept()) {
                socket.getOutputStream().write(said.getBytes(StandardCharsets.UTF_8));
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
              } catch (IOException e) {
                // The other side has left.
              }
            });
    XmppAddress address =
        XmppAddress.of("xmpp://bot@played.test/?server=127.0.0.1:" + server.getLocalPort())
            .orElseThrow();
    return XmppStream.connect(address, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no xml at all",
        HEADER + "</stream:stream>",
        HEADER + FEATURES + "</stream:stream>",
        HEADER + FEATURES + "<message></iq>",
        HEADER + FEATURES + "<message>&unknown;</message>",
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"
            + "<stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams'><message>&a;</message>"
      })
  void whatIsNoXmppEndsTheConnection(String said) throws IOException {
    try (XmppStream stream = connect(said)) {
      assertThatThrownBy(
              () -> {
                stream.open();
                stream.next();
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anElementHasABoundInSizeAndDepth() throws IOException {
    String deep = "<a>".repeat(40);
    try (XmppStream stream = connect(HEADER + FEATURES + deep)) {
      stream.open();
      assertThatThrownBy(stream::next).hasMessageContaining("too deep");
    }
    String large = "<message><body>" + "x".repeat(2 << 20) + "</body></message>";
    try (XmppStream stream = connect(HEADER + FEATURES + large)) {
      stream.open();
      assertThatThrownBy(stream::next).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAddressNamesUserDomainRoomsAndServer() {
    XmppAddress address =
        XmppAddress.of("xmpps://Concert@example.org/dev@rooms.example.org,ops@rooms.example.org")
            .orElseThrow();
    assertThat(address.bare()).isEqualTo("concert@example.org");
    assertThat(address.server()).isEqualTo("example.org:5223");
    assertThat(address.rooms()).containsExactly("dev@rooms.example.org", "ops@rooms.example.org");
    assertThat(XmppAddress.of("xmpp://a@b.org/?server=c.org:99").orElseThrow().server())
        .isEqualTo("c.org:99");
    assertThat(XmppAddress.of("xmpp://b.org/")).isEmpty();
    assertThat(XmppAddress.of("xmpp://a@b.org/room").map(XmppAddress::rooms))
        .isEqualTo(Optional.empty());
  }
}
