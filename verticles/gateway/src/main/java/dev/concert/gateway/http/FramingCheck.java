package dev.concert.gateway.http;

import dev.concert.error.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Refuses requests of which it is not certain where they end, or for whom they are. After such a
 * refusal the connection is closed, since what follows on it may be anything.
 */
final class FramingCheck {
  private FramingCheck() {}

  static void check(RoutingContext request) {
    HttpServerRequest head = request.request();
    List<String> encodings = head.headers().getAll("Transfer-Encoding");
    if (!encodings.isEmpty()
        && !(encodings.size() == 1 && encodings.getFirst().strip().equalsIgnoreCase("chunked"))) {
      refuse(request, "The only Transfer-Encoding that this server knows is 'chunked'.");
    } else if (!encodings.isEmpty() && head.headers().contains("Content-Length")) {
      refuse(request, "The request has both a Transfer-Encoding and a Content-Length.");
    } else if (head.headers().getAll("Host").size() > 1) {
      refuse(request, "The request has more than one Host.");
    } else if (!isDecodable(head.uri())) {
      refuse(request, "The path or the query is not encoded as in a URL.");
    } else {
      request.next();
    }
  }

  private static void refuse(RoutingContext request, String message) {
    ProblemResponse.refuseAndClose(request, ErrorCode.INVALID_MESSAGE, message);
  }

  /** Whether each percent sign is followed by two hex digits. */
  private static boolean isDecodable(String uri) {
    for (int i = uri.indexOf('%'); i >= 0; i = uri.indexOf('%', i + 1)) {
      if (i + 2 >= uri.length()
          || Character.digit(uri.charAt(i + 1), 16) < 0
          || Character.digit(uri.charAt(i + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
