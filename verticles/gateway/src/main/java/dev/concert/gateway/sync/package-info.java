/**
 * {@code /sync}: the entry of replicas of a session's workspace. The gateway authorizes a replica
 * and passes bytes on between it and Chronicle, which alone knows what they mean.
 */
package dev.concert.gateway.sync;
