/**
 * {@code /transfer}: many files of a session's workspace in one stream. The gateway authorizes the
 * caller and passes bytes on between it and Chronicle, which alone knows what they mean.
 */
package dev.concert.gateway.transfer;
