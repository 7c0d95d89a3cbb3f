package dev.concert.bus;

/** The answer that says no more than "done". */
public record Accepted() {
  public static final Accepted ACCEPTED = new Accepted();
}
