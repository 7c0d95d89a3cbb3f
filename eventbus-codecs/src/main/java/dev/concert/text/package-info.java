/** Texts of people, agents and models, whatever characters are in them. */
package dev.concert.text;
