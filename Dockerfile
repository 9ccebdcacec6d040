# The command line: docker run --rm -v "$PWD:/work" enc-studio sweep model.onnx --data pictures --out results
FROM node:20-slim
WORKDIR /opt/enc-studio
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY tsconfig.base.json tsconfig.json tsconfig.node.json tsconfig.core.json tsconfig.worker.json tsconfig.project.json ./
COPY deploy/enc deploy/enc
COPY public/samples public/samples
COPY src src
COPY workers workers
COPY cli cli
# Builds the command line, so that every start finds it.
RUN deploy/enc --help >/dev/null
WORKDIR /work
# In the form of a list: signals reach the command line itself.
ENTRYPOINT ["/opt/enc-studio/deploy/enc"]
CMD ["--help"]
