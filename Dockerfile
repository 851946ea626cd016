# Essaim in one static program, run by nobody in particular, with one volume.
#
#   docker build -t essaim .
#   docker run -p 8080:8080 -v essaim:/data -e ESSAIM_URL=https://innov.example essaim
#
# Commands run in the same container: docker exec NAME /essaim account create --handle nolwenn --email … --role admin

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Time zones are inside the program.
RUN ./release.sh /out/essaim \
 && mkdir -m 0700 -p /out/data \
 && mkdir -m 1777 -p /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/essaim /essaim
# /tmp is where SQLite sorts and where uploads wait.
COPY --from=build /out/tmp /tmp
COPY --from=build --chown=65532:65532 /out/data /data
COPY LICENSE /LICENSE

# A number rather than a name: there is no /etc/passwd here, and Kubernetes can check that it is not root.
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV ESSAIM_LISTEN=:8080 \
    ESSAIM_DATA=/data \
    ESSAIM_DATABASE=sqlite:/data/essaim.db
EXPOSE 8080

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["/essaim", "health"]
ENTRYPOINT ["/essaim"]
CMD ["serve"]
