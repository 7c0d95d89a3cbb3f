package dev.concert.ensemble.access;

/** Who makes a call. */
public sealed interface Caller {

  /** For the log: names, no secret. */
  String describe();

  /** What tells this caller from every other, over restarts; no secret. */
  String id();

  /** Who answers for the caller: the tenant of an agent, the customer of a key; empty: nobody. */
  String customer();

  /** An agent; its usage is reported to the coordinator. */
  record Instance(String instanceId, String tenantId) implements Caller {
    /** No id of another caller begins so. */
    public static final String PREFIX = "instance_";

    @Override
    public String describe() {
      return "instance " + instanceId;
    }

    @Override
    public String id() {
      return PREFIX + instanceId;
    }

    @Override
    public String customer() {
      return tenantId;
    }
  }

  /**
   * A program with a key from the configuration.
   *
   * @param number which one, from 1
   * @param fingerprint the beginning of the key's hash: its place may change, this does not
   */
  record ConfiguredKey(int number, String fingerprint) implements Caller {
    private static final int LENGTH = 16;

    ConfiguredKey(int number, TokenHash hash) {
      this(number, hash.hex().substring(0, LENGTH));
    }

    @Override
    public String describe() {
      return "key " + number;
    }

    @Override
    public String id() {
      return "configured_" + fingerprint;
    }

    @Override
    public String customer() {
      return "";
    }
  }

  /** A program with a key that was given out to a customer. */
  record IssuedKey(String keyId, String customerId) implements Caller {
    /** No id of another caller begins so. */
    public static final String PREFIX = "key_";

    @Override
    public String describe() {
      return "key " + keyId;
    }

    @Override
    public String id() {
      return keyId;
    }

    @Override
    public String customer() {
      return customerId;
    }
  }
}
