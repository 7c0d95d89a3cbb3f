package dev.concert.protocol;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;

/** The {@code type} of a frame that carries a reply. */
public final class ReplyType {
  private static final ClassValue<String> TYPES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> reply) {
          return ServerProtocol.rows().stream()
              .filter(row -> row.event() == reply)
              .map(ServerProtocol.Row::type)
              .findFirst()
              .orElseGet(() -> SnakeCaseStrategy.INSTANCE.translate(reply.getSimpleName()));
        }
      };

  private ReplyType() {}

  /** The type of the event; for another record its name, such as {@code inbox_items}. */
  public static String of(Class<? extends Record> reply) {
    return TYPES.get(reply);
  }
}
