package dev.concert.bridges.xmpp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Signs in at a server: TLS, the password, and a name for the connection. Blocking. */
final class XmppLogin {
  static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
  private static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";
  private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
  private static final String STREAM = "http://etherx.jabber.org/streams";
  private static final String PLAIN = "PLAIN";

  private XmppLogin() {}

  /** Why a server does not take us, in a sentence for people. */
  static final class RefusedException extends IOException {
    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Signs in.
   *
   * @return who the connection is: user, domain and a name that the server chose
   */
  static String signIn(XmppStream stream, XmppAddress address, String password) throws IOException {
    XmppElement features = stream.open();
    if (!stream.isEncrypted() && features.child("starttls", TLS).isPresent()) {
      stream.write(XmppElement.of("starttls", TLS));
      if (!stream.next().is("proceed", TLS)) {
        throw new RefusedException("The server does not begin TLS.");
      }
      stream.encrypt();
      features = stream.open();
    }
    if (!stream.isEncrypted() && !address.isLoopback()) {
      throw new RefusedException("The server has no TLS: no password goes there.");
    }
    authenticate(stream, features, address, password);
    stream.open();
    return bind(stream);
  }

  private static void authenticate(
      XmppStream stream, XmppElement features, XmppAddress address, String password)
      throws IOException {
    boolean takesPlain =
        features.child("mechanisms", SASL).stream()
            .flatMap(one -> one.all("mechanism", SASL))
            .anyMatch(one -> one.text().strip().equals(PLAIN));
    if (!takesPlain) {
      throw new RefusedException("The server does not take passwords (SASL PLAIN).");
    }
    byte[] secret = "\0%s\0%s".formatted(address.user(), password).getBytes(StandardCharsets.UTF_8);
    stream.write(
        XmppElement.of("auth", SASL)
            .with("mechanism", PLAIN)
            .withText(Base64.getEncoder().encodeToString(secret)));
    if (!stream.next().is("success", SASL)) {
      throw new RefusedException("The server does not take the password.");
    }
  }

  private static String bind(XmppStream stream) throws IOException {
    stream.write(
        XmppElement.of("iq", XmppElement.CLIENT)
            .with("type", "set")
            .with("id", "bind")
            .with(XmppElement.of("bind", BIND)));
    XmppElement reply = stream.next();
    Optional<String> name = reply.child("bind", BIND).map(one -> one.childText("jid"));
    if (reply.is("error", STREAM) || name.filter(one -> !one.isEmpty()).isEmpty()) {
      throw new RefusedException("The server gives the connection no name.");
    }
    return name.get();
  }
}
