// Discord's most used client against the played Discord at the address of the first argument.
import { Client, GatewayIntentBits, MessageFlags } from "discord.js";

const [url, token] = process.argv.slice(2);
const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
  rest: { api: url.replace(/\/v10$/, ""), version: "10", retries: 0 },
  waitGuildTimeout: 100,
});
const seen = { events: [] };
const failed = async (call) => {
  try {
    await call();
    return "no error";
  } catch (e) {
    return `${e.status} ${e.code}`;
  }
};
const done = new Promise((resolve) => {
  client.on("shardResume", () => {
    seen.events.push("resumed");
    resolve();
  });
  client.on("interactionCreate", async (interaction) => {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply("only you");
    seen.interaction = interaction.commandName;
    seen.twice = await failed(() => {
      interaction.deferred = interaction.replied = false;
      return interaction.deferReply();
    });
  });
  client.on("messageCreate", async (message) => {
    seen.events.push(message.content);
    if (message.content === "first") {
      const channel = message.channel;
      const sent = await channel.send({ content: "Grüße 🎻", nonce: "n1", enforceNonce: true });
      const again = await channel.send({ content: "Grüße 🎻", nonce: "n1", enforceNonce: true });
      seen.sameMessage = sent.id === again.id;
      seen.edited = (await sent.edit("changed")).content;
      seen.tooLong = await failed(() => channel.send("x".repeat(2001)));
      seen.unknown = await failed(() => channel.messages.edit("99", "x"));
      seen.thread = (await message.startThread({ name: "a thread" })).id === message.id;
      console.log("CUT");
    }
  });
});
const ready = new Promise((resolve) => client.once("clientReady", resolve));
await client.login(token);
await ready;
seen.user = client.user.id;
console.log("READY");
await done;
const stranger = new Client({ intents: [], rest: { api: url.replace(/\/v10$/, ""), version: "10", retries: 0 } });
seen.token = await failed(() => stranger.login("wrong"));
console.log(JSON.stringify(seen));
process.exit(0);
