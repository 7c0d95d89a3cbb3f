package dev.concert.ensemble;

/** A value of the configuration that cannot be used. The message is one sentence. */
public final class WrongSetting extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String setting;

  WrongSetting(String setting, String rule) {
    super("Configuration: " + setting + " " + rule + ".");
    this.setting = setting;
  }

  /** Where it is, for example {@code ensemble.providers[0].models[1].inputPrice}. */
  public String setting() {
    return setting;
  }
}
