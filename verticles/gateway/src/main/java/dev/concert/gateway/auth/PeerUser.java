package dev.concert.gateway.auth;

/** Whose program is at the other end of a connection. */
public enum PeerUser {
  /** The user who runs this server. */
  SERVERS,
  /** Another user of this machine. */
  OTHER,
  /** A program of another machine, or of a system that does not say. */
  UNKNOWN
}
