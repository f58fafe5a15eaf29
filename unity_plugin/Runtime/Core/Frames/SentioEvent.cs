using System.Collections.Generic;

namespace Sentio
{
    /// <summary>An event (PROTOCOL.md, section 7).</summary>
    public sealed class SentioEvent
    {
        /// <summary>The subject's name.</summary>
        public string Subject;

        /// <summary>What kind: marker, state, sensor, consent, calibration, recording, response, ...</summary>
        public string Kind;

        /// <summary>Its name within its kind.</summary>
        public string Name;

        /// <summary>Time in seconds of the sidecar's clock.</summary>
        public double Time;

        /// <summary>The whole map.</summary>
        public Dictionary<string, object> Body;
    }
}
