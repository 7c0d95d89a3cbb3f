/** Played chat platforms, in their real wire form. They refuse what the real ones refuse. */
package dev.concert.testing.chat;
