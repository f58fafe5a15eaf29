using System;
using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Reads the action units of a detail (PROTOCOL.md, section 5). They name movements of the face, not
    /// feelings, and are not ratings of a FACS coder.</summary>
    public static class SentioFace
    {
        private static readonly SentioActionUnit[] Units = (SentioActionUnit[])Enum.GetValues(typeof(SentioActionUnit));
        private static readonly Dictionary<SentioActionUnit, string> Keys = Named();

        /// <summary>Strength of a movement in the last second, 0..1; NaN where it is not known: no face, an older
        /// sidecar, or a tracker that cannot show it (a camera shows no AU6, AU9, AU29 and AU34).</summary>
        public static float ActionUnit(IDictionary<string, object> detail, SentioActionUnit unit)
        {
            string key;
            if (detail == null || !Keys.TryGetValue(unit, out key)) return float.NaN;
            return (float)Maps.Number(Maps.Child(detail, "action_units"), key, double.NaN);
        }

        /// <summary>All known movements of a detail with their strengths; empty without a face.</summary>
        public static Dictionary<SentioActionUnit, float> ActionUnits(IDictionary<string, object> detail)
        {
            var known = new Dictionary<SentioActionUnit, float>();
            foreach (SentioActionUnit unit in Units)
            {
                float strength = ActionUnit(detail, unit);
                if (!float.IsNaN(strength)) known[unit] = strength;
            }
            return known;
        }

        private static Dictionary<SentioActionUnit, string> Named()
        {
            var keys = new Dictionary<SentioActionUnit, string>();
            foreach (SentioActionUnit unit in Units) keys[unit] = "AU" + (int)unit;
            return keys;
        }
    }
}
