# syntax=docker/dockerfile:1
# Lectern in a container: docs/production.md. Build with `docker build -t lectern .`

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has Node itself: the one that comes with the packages is left out. No package needs its scripts here, and those
# of Lectern prepare a first start from sources that this layer does not have.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/node-bin-* node_modules/.bin/node /root/.npm

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=8001 \
  LECTERN_DATA_DIR=/data \
  NODE_COMPILE_CACHE=/data/compiled \
  MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json package-lock.json ./
COPY server ./server
COPY cli ./cli
COPY contract ./contract
COPY evaluation ./evaluation
COPY web ./web
COPY models ./models
COPY vendor ./vendor
COPY samples ./samples
RUN ln -s /app/cli/lectern.mjs /usr/local/bin/lectern && mkdir /data /backups && chown node:node /data /backups
USER node
VOLUME /data
EXPOSE 8001
# Running answers finish on SIGTERM: give it `--stop-timeout 60`, as compose.yaml does.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "server/main.ts"]
