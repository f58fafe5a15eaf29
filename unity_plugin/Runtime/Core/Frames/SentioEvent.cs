using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Something that happened (PROTOCOL.md, section 7).</summary>
    public sealed class SentioEvent
    {
        /// <summary>Whom it is about.</summary>
        public string Subject;

        /// <summary>What kind: marker, state, sensor, consent, calibration, recording, response, ...</summary>
        public string Kind;

        /// <summary>Its name within its kind.</summary>
        public string Name;

        /// <summary>When, seconds of the sidecar's clock.</summary>
        public double Time;

        /// <summary>The whole map.</summary>
        public Dictionary<string, object> Body;
    }
}
