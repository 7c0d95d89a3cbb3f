package dev.concert.bridges.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.chatserver.Prosody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocketFactory;

/** A person with a client of her own. */
public final class XmppUser implements AutoCloseable {
  private static final String ROOM = "http://jabber.org/protocol/muc";
  private static final String UPLOAD = "urn:xmpp:http:upload:0";
  private static final String STATES = "http://jabber.org/protocol/chatstates";

  private volatile XmppStream stream;
  private final String name;
  private final List<XmppElement> stanzas = new CopyOnWriteArrayList<>();

  /**
   * A message.
   *
   * @param from whole address
   */
  public record Said(String from, String text) {}

  public XmppUser(Prosody server, String name) {
    this.name = name;
    server.addUser(name);
    XmppAddress address = XmppAddress.of(server.address(name)).orElseThrow();
    // A server that has just begun to listen resets connections on a busy machine.
    Await.until("the server takes " + name, () -> isSignedIn(address));
    send(XmppElement.of("presence", XmppElement.CLIENT));
    Thread.ofVirtual().start(this::read);
  }

  private boolean isSignedIn(XmppAddress address) {
    try {
      stream = XmppStream.connect(address, (SSLSocketFactory) SSLSocketFactory.getDefault());
      XmppLogin.signIn(stream, address, Prosody.PASSWORD);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void read() {
    try {
      while (true) {
        stanzas.add(stream.next());
      }
    } catch (IOException e) {
      // It is over.
    }
  }

  private void send(XmppElement element) {
    try {
      stream.write(element);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes to a room, and is there. */
  public void join(String room) {
    String place = room + "@" + Prosody.ROOMS + "/" + name;
    XmppElement noHistory = XmppElement.of("history", ROOM).with("maxstanzas", "0");
    send(
        XmppElement.of("presence", XmppElement.CLIENT)
            .with("to", place)
            .with(XmppElement.of("x", ROOM).with(noHistory)));
    Await.until(place, () -> isThere(place));
  }

  /** Whether somebody is in a room, as far as we heard. */
  public boolean isThere(String place) {
    boolean isThere = false;
    for (XmppElement one : stanzas) {
      if (one.name().equals("presence") && one.attribute("from").equals(place)) {
        isThere = one.attribute("type").isEmpty();
      }
    }
    return isThere;
  }

  /**
   * Says something.
   *
   * @param id of the message
   * @param corrected the id of a message that this one replaces
   */
  public void say(String to, String text, String id, Optional<String> corrected) {
    XmppElement message = message(to, text, id);
    send(
        corrected
            .map(
                one ->
                    message.with(XmppElement.of("replace", XmppReader.CORRECTION).with("id", one)))
            .orElse(message));
  }

  /** Says something about a file, which is where {@link #upload} put it. */
  public void say(String to, String text, String id, String url) {
    XmppElement link = XmppElement.of("url", XmppReader.OUT_OF_BAND).withText(url);
    send(message(to, text, id).with(XmppElement.of("x", XmppReader.OUT_OF_BAND).with(link)));
  }

  private static XmppElement message(String to, String text, String id) {
    return XmppElement.of("message", XmppElement.CLIENT)
        .with("to", to)
        .with("type", to.endsWith(Prosody.ROOMS) ? "groupchat" : "chat")
        .with("id", id)
        .with(XmppElement.of("body", XmppElement.CLIENT).withText(text));
  }

  /** Gives the server a file; returns where others get it. */
  public String upload(String fileName, byte[] content) {
    String id = "slot-" + UUID.randomUUID();
    send(
        XmppElement.of("iq", XmppElement.CLIENT)
            .with("type", "get")
            .with("id", id)
            .with("to", Prosody.UPLOADS)
            .with(
                XmppElement.of("request", UPLOAD)
                    .with("filename", fileName)
                    .with("size", Integer.toString(content.length))));
    Await.until("a place", () -> answer(id).isPresent());
    XmppElement slot = answer(id).orElseThrow().child("slot", UPLOAD).orElseThrow();
    XmppElement put = slot.child("put", UPLOAD).orElseThrow();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(put.attribute("url")))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
    put.all("header", UPLOAD).forEach(one -> request.header(one.attribute("name"), one.text()));
    assertThat(sent(request.build()).statusCode()).isEqualTo(201);
    return slot.child("get", UPLOAD).orElseThrow().attribute("url");
  }

  private Optional<XmppElement> answer(String id) {
    return stanzas.stream().filter(one -> one.attribute("id").equals(id)).findFirst();
  }

  private static HttpResponse<String> sent(HttpRequest request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The files to which bots linked, as name and content; so many stanzas are passed over. */
  public List<String> files(int from) {
    return stanzas.stream()
        .skip(from)
        .filter(one -> one.name().equals("message") && isOfBot(one, ""))
        .flatMap(one -> one.child("x", XmppReader.OUT_OF_BAND).stream())
        .map(one -> one.childText("url"))
        .map(
            url ->
                url.replaceFirst(".*/", "")
                    + "="
                    + sent(HttpRequest.newBuilder(URI.create(url)).build()).body())
        .toList();
  }

  /** How many stanzas have come. */
  public int heard() {
    return stanzas.size();
  }

  /** Whether somebody was seen to write. */
  public boolean isTyped() {
    return stanzas.stream().anyMatch(one -> one.child("composing", STATES).isPresent());
  }

  /**
   * What bots said, as it is now.
   *
   * @param from so many stanzas are passed over
   * @param room empty for what was said to this person alone
   */
  public List<Said> said(int from, String room) {
    // A part of the list itself does not bear that more is heard meanwhile.
    List<XmppElement> heard = stanzas.stream().skip(from).toList();
    Map<String, String> corrected = new HashMap<>();
    for (XmppElement one : heard) {
      one.child("replace", XmppReader.CORRECTION)
          .ifPresent(replaced -> corrected.put(replaced.attribute("id"), one.childText("body")));
    }
    return heard.stream()
        .filter(one -> one.name().equals("message") && !one.childText("body").isEmpty())
        .filter(one -> one.child("replace", XmppReader.CORRECTION).isEmpty())
        .filter(one -> isOfBot(one, room))
        .map(
            one ->
                new Said(
                    one.attribute("from"),
                    corrected.getOrDefault(one.attribute("id"), one.childText("body"))))
        .toList();
  }

  private static boolean isOfBot(XmppElement message, String room) {
    String from = message.attribute("from");
    return room.isEmpty()
        ? message.attribute("type").equals("chat") && from.startsWith("concert")
        : XmppReader.bare(from).equals(room) && XmppReader.resource(from).startsWith("concert");
  }

  @Override
  public void close() {
    stream.close();
  }
}
