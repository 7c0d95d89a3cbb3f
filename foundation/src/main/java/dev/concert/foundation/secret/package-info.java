/**
 * Secrets that Concert must be able to read, such as provider keys and the tokens of chat apps:
 * encrypted in a file, with a master key that is not in it.
 *
 * <p>A {@link dev.concert.foundation.secret.SecretStore} is one file. A {@link
 * dev.concert.foundation.secret.SecretNamespace} is the part of it that belongs to one tenant: a
 * secret of one tenant cannot be found, or decrypted, in the namespace of another.
 */
package dev.concert.foundation.secret;
