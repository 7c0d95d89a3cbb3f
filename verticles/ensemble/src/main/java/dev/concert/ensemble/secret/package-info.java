/** The provider keys that operators have stored, where calls read them. */
package dev.concert.ensemble.secret;
