/**
 * {@code /sync}: lets replicas of a session's workspace in. The gateway decides who may and passes
 * bytes on; what they mean is Chronicle's.
 */
package dev.concert.gateway.sync;
