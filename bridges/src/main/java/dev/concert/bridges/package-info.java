/**
 * The chat bridges: a team talks to its agents in the chat that it uses already. {@link
 * dev.concert.bridges.BridgesVerticle} puts them together.
 */
package dev.concert.bridges;
