package dev.concert.contract;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Map;

/**
 * A reply that is written while it is read. Only HTTP can carry it.
 *
 * @param fileName the name under which a browser saves it
 * @param headers more headers of the response, by name
 * @param content paused until it is piped
 * @param cancel ends the source when nobody reads it to its end
 */
public record ByteStream(
    String mediaType,
    String fileName,
    Map<String, String> headers,
    ReadStream<Buffer> content,
    Runnable cancel) {}
