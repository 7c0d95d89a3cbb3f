/**
 * What a turn looks like in a chat. A {@link dev.concert.bridges.view.ShownTurn} makes messages of
 * a turn's events; {@link dev.concert.bridges.view.OpenButtons} knows which button of a message
 * somebody means.
 */
package dev.concert.bridges.view;
