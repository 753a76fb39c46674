-- How the answer came about: contract/trace.ts.
ALTER TABLE messages ADD trace jsonb;
