package dev.concert.bridges.xmpp;

import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.OutboundFile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files of a server (XEP-0363): a service of the server names a place for each, and a message links
 * to it (XEP-0066). Files that are elsewhere are not fetched. On the context of the client.
 */
record XmppUploads(XmppClient client, ChatHttp http, ChatFiles files) {
  private static final String UPLOAD = "urn:xmpp:http:upload:0";
  private static final String ITEMS = "http://jabber.org/protocol/disco#items";
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String TYPE = "application/octet-stream";

  /** Others are not the server's to choose. */
  private static final Set<String> HEADERS = Set.of("Authorization", "Cookie", "Expires");

  private static final int MAX_SERVICES = 20;

  /** The server has no place for the file. Asking again does not help. */
  static final class NoPlaceException extends Exception {
    NoPlaceException(String message) {
      super(message);
    }
  }

  /** A place for one file. */
  private record Slot(URI put, Map<String, String> headers, URI get) {
    boolean isBeside(URI file) {
      return get.getScheme().equals(file.getScheme())
          && get.getRawAuthority().equals(file.getRawAuthority());
    }

    /** Without the headers and the address for writing, which are secrets. */
    @Override
    public String toString() {
      return "Slot[get=" + get + "]";
    }
  }

  /**
   * Gives the server a file.
   *
   * @return where people get it; fails with a {@link NoPlaceException} where the server takes none
   */
  Future<String> upload(OutboundFile file) {
    return slot(file.name(), file.content().length())
        .compose(
            slot ->
                http.put(slot.put().toString(), slot.headers(), file.content())
                    .compose(
                        reply ->
                            reply instanceof ChatReply.Ok
                                ? Future.succeededFuture(slot.get().toString())
                                : Future.failedFuture("The server does not take the file now")));
  }

  /** Fetches a file from the server's own file service. */
  Future<Buffer> fetch(String url, int maxBytes) {
    return slot("file", 1)
        .compose(
            slot ->
                slot.isBeside(URI.create(url))
                    ? files.fetch(url, "", maxBytes)
                    : Future.failedFuture("The file is at another server"));
  }

  private Future<Slot> slot(String name, int size) {
    return client
        .ask(client.domain(), XmppElement.of("query", ITEMS))
        .compose(
            items ->
                service(
                    items.child("query", ITEMS).stream()
                        .flatMap(one -> one.all("item", ITEMS))
                        .map(one -> one.attribute("jid"))
                        .limit(MAX_SERVICES)
                        .toList()))
        .compose(
            service ->
                client.ask(
                    service,
                    XmppElement.of("request", UPLOAD)
                        .with("filename", name)
                        .with("size", Integer.toString(size))
                        .with("content-type", TYPE)))
        .compose(this::slot);
  }

  private Future<String> service(List<String> all) {
    if (all.isEmpty()) {
      return Future.failedFuture(
          new NoPlaceException("The server has no service for files (XEP-0363)"));
    }
    return client
        .ask(all.getFirst(), XmppElement.of("query", INFO))
        .compose(
            info ->
                info.child("query", INFO).stream()
                        .flatMap(one -> one.all("feature", INFO))
                        .anyMatch(one -> one.attribute("var").equals(UPLOAD))
                    ? Future.succeededFuture(all.getFirst())
                    : service(all.subList(1, all.size())));
  }

  private Future<Slot> slot(XmppElement reply) {
    XmppElement slot = reply.child("slot", UPLOAD).orElse(reply);
    XmppElement put = slot.child("put", UPLOAD).orElse(slot);
    String get = slot.child("get", UPLOAD).orElse(slot).attribute("url");
    if (!isOfServer(put.attribute("url")) || !isOfServer(get)) {
      return Future.failedFuture(
          new NoPlaceException("The server does not take a file of this size or name"));
    }
    Map<String, String> headers = new HashMap<>(Map.of("Content-Type", TYPE));
    put.all("header", UPLOAD)
        .filter(one -> HEADERS.contains(one.attribute("name")))
        .forEach(one -> headers.put(one.attribute("name"), one.text().replaceAll("\\v", "")));
    return Future.succeededFuture(
        new Slot(URI.create(put.attribute("url")), headers, URI.create(get)));
  }

  /** Without encryption only where nothing leaves this machine. */
  private boolean isOfServer(String url) {
    return url.matches(client.isLoopback() ? "https?://[^\\s/]+/\\S+" : "https://[^\\s/]+/\\S+");
  }
}
