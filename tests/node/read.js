// Reads a page as its users do, with the client that they use, and prints what it was told.
const {Statuspage} = require('statuspage.io');

const client = new Statuspage('kctbh9vrtdwd');
client.setApiUrl(process.argv[2]);
const {api} = client;
const calls = {
  summary: api.getSummary,
  status: api.getStatus,
  components: api.getComponents,
  incidents: () => api.incidents.getAll(),
  unresolved: () => api.incidents.getUnresolved(),
  upcoming: () => api.scheduledMaintenances.getUpcoming(),
};

(async () => {
  const told = {};
  for (const [name, call] of Object.entries(calls)) told[name] = await call();
  console.log(JSON.stringify(told));
})();
