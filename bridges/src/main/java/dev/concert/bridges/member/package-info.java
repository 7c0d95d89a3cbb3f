/**
 * Which member of the tenant a person in a chat is. A member gets a code from Concert and sends it
 * to the bot; from then on the bot acts for that member.
 */
package dev.concert.bridges.member;
