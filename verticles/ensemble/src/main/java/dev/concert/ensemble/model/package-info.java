/**
 * Models: what they can do ({@code Capabilities}), cost ({@code Price}) and use ({@code
 * TokenCount}).
 */
package dev.concert.ensemble.model;
