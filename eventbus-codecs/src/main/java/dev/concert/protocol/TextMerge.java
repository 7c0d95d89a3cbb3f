package dev.concert.protocol;

import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How the pieces of a streamed text become one: the merge rule of a {@link ServerProtocol.Row}.
 *
 * @param text the piece of text that an event carries
 * @param with the same event with another text
 */
public record TextMerge<E extends ServerEvent>(
    Class<E> event, Function<E, String> text, BiFunction<E, String, E> with) {

  /** The text of an event of this type; null where it has none. */
  public String textOf(ServerEvent one) {
    return text.apply(event.cast(one));
  }

  /** An event of this type with another text. */
  public ServerEvent withText(ServerEvent one, String other) {
    return with.apply(event.cast(one), other);
  }
}
