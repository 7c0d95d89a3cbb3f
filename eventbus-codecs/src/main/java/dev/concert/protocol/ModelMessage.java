package dev.concert.protocol;

/** What a caller may ask about the models that agents may use. */
public interface ModelMessage extends ClientMessage {

  record ListModels() implements ModelMessage {}
}
