package dev.concert.ensemble.access;

/** Who makes a call. */
public sealed interface Caller {

  /** For the log: names, no secret. */
  String describe();

  /** An agent; its usage is reported to the coordinator. */
  record Instance(String instanceId, String tenantId) implements Caller {
    @Override
    public String describe() {
      return "instance " + instanceId;
    }
  }

  /**
   * A program with a key from the configuration.
   *
   * @param number which one, from 1
   */
  record ConfiguredKey(int number) implements Caller {
    @Override
    public String describe() {
      return "key " + number;
    }
  }

  /** A program with a key that was given out to a customer. */
  record IssuedKey(String keyId, String customerId) implements Caller {
    @Override
    public String describe() {
      return "key " + keyId;
    }
  }
}
