package dev.concert.testing.chat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of a played platform: those that people send, and those that they got. */
public final class PlayedFiles {
  private final Map<String, Buffer> sent = new HashMap<>();
  private final List<Received> received = new ArrayList<>();

  /** A file that the people of a channel got. */
  public record Received(String channel, String name, String content) {}

  /** A form that may have files. */
  record Form(Map<String, String> fields, Map<String, Buffer> files) {}

  /** Reads the form of a request, which must not have been read yet. */
  static Future<Form> form(HttpServerRequest request) {
    Map<String, Buffer> files = new HashMap<>();
    request.setExpectMultipart(true);
    request.uploadHandler(
        upload -> {
          Buffer content = Buffer.buffer();
          files.put(upload.filename(), content);
          upload.handler(content::appendBuffer);
        });
    return request
        .end()
        .map(
            _ -> {
              Map<String, String> fields = new HashMap<>();
              request.formAttributes().forEach(one -> fields.put(one.getKey(), one.getValue()));
              return new Form(fields, files);
            });
  }

  /** Whether a request has a form with files. */
  static boolean isForm(HttpServerRequest request) {
    return String.valueOf(request.getHeader("Content-Type")).startsWith("multipart/form-data");
  }

  /** A person sends a file; the platform gives it by this id. */
  public synchronized void sent(String id, String content) {
    sent.put(id, Buffer.buffer(content));
  }

  /** The people of a channel get a file. */
  synchronized void received(String channel, String name, Buffer content) {
    received.add(new Received(channel, name, content.toString()));
  }

  public synchronized List<Received> received() {
    return List.copyOf(received);
  }

  /** Gives a file of a person, by the last part of the address. */
  void give(HttpServerRequest request, boolean isAllowed) {
    String id = request.path().substring(request.path().lastIndexOf('/') + 1);
    Buffer content;
    synchronized (this) {
      content = sent.get(id);
    }
    if (!isAllowed || content == null) {
      request.response().setStatusCode(isAllowed ? 404 : 403).end();
    } else {
      request.response().end(content);
    }
  }
}
