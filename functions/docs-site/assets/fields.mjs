/** What is searched, for the build and the page alike. */
export const SEARCHED = {
  fields: ["title", "page", "text"],
  storeFields: ["title", "page", "address"],
  searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: term => (term.length > 4 ? 0.2 : false), combineWith: "AND" },
};
