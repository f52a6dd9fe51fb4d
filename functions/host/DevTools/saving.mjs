// Azurite keeps its tables, and what it knows of blobs and queues, in LokiJS databases. It writes each of them to its file every five
// seconds. The app is not written for a storage that forgets five seconds when it is killed, so here they are written soon after a change.

// Milliseconds between two looks for changes.
const SOON = 200;
// A save writes the whole database, and nothing is answered while it is put together. So the pause after a save is ten times as long as
// the save blocked, up to LONGEST milliseconds.
const SHARE = 10;
const LONGEST = 5000;

const save = database => new Promise(resolve => database.saveDatabase(error => {
  if (error) {
    // The changes still have to be saved: LokiJS clears the mark when it begins.
    for (const collection of database.collections) collection.dirty = true;
    console.error(`${database.filename} cannot be saved: ${error.message}`);
  }
  resolve(!error);
}));

/** From now on, each database that saves itself does so soon after a change. Call this before Azurite creates them. */
export function saveSoon(Loki) {
  const databases = [];
  Loki.prototype.autosaveEnable = function () {
    databases.push(this);
    const look = () => {
      let pause = SOON;
      if (this.autosaveDirty() && !this.throttledSavePending) {
        const began = performance.now();
        void save(this);
        pause = Math.min(LONGEST, Math.max(SOON, SHARE * (performance.now() - began)));
      }
      setTimeout(look, pause).unref();
    };
    setTimeout(look, SOON).unref();
  };

  return {
    /** Completes when the files hold everything; false if one cannot be written. */
    saveAll: async () => {
      const open = () => databases.filter(database => database.autosaveDirty() || database.throttledSavePending);
      for (let left = open(); left.length > 0; left = open())
        if (!(await Promise.all(left.map(save))).every(Boolean)) return false;
      return true;
    },
  };
}
