package dev.concert.ensemble.access;

import dev.concert.inference.InferenceMessages.OpenAccess;

/** The sender of a call, after authentication. */
public sealed interface Caller {

  /** A name for the log, without a secret. */
  String describe();

  /** Identifies this caller, also after a restart; not a secret. */
  String id();

  /**
   * Who pays for the caller: the tenant of an agent or the customer of a key; empty for a
   * configured key.
   */
  String customer();

  /** An agent; its usage is reported to the coordinator. */
  record Instance(String instanceId, String tenantId) implements Caller {
    /** No id of another kind of caller begins with this. */
    public static final String PREFIX = "instance_";

    /** Whether it is the gateway itself, which asks on behalf of the tenant. */
    public boolean isGateway() {
      return instanceId.startsWith(OpenAccess.GATEWAY);
    }

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
   * @param fingerprint the beginning of the key's hash; unlike the number it does not change
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

  /** A program with an API key that was issued to a customer. */
  record IssuedKey(String keyId, String customerId) implements Caller {
    /** No id of another kind of caller begins with this. */
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
