using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Light, fog and lamps of the corridor: clear and warm where it holds back, dark and cold where it tries
    /// harder.</summary>
    public sealed class Gloom
    {
        private static readonly Color Warm = new Color(0.13f, 0.085f, 0.05f);
        private static readonly Color Cold = new Color(0.012f, 0.018f, 0.045f);
        private static readonly Color WarmAir = new Color(0.14f, 0.13f, 0.13f);
        private static readonly Color ColdAir = new Color(0.03f, 0.035f, 0.05f);
        private static readonly Color Ember = new Color(1f, 0.62f, 0.3f);

        /// <summary>The glass of all lamps.</summary>
        public readonly Material Glass = Art.Paint(Ember, 1);

        private readonly List<Light> _lamps = new List<Light>();
        private readonly Camera _eye;

        /// <summary>For what a camera shows.</summary>
        public Gloom(Camera eye)
        {
            _eye = eye;
            RenderSettings.fog = true;
            RenderSettings.fogMode = FogMode.Exponential;
        }

        /// <summary>Adds a lamp.</summary>
        public void Add(Light lamp) { _lamps.Add(lamp); }

        /// <summary>Shows gloom of 0..1.</summary>
        public void Show(float gloom)
        {
            Color fog = Color.Lerp(Warm, Cold, gloom);
            RenderSettings.fogDensity = Mathf.Lerp(0.02f, 0.14f, gloom * gloom);
            RenderSettings.fogColor = fog;
            RenderSettings.ambientLight = Color.Lerp(WarmAir, ColdAir, gloom);
            _eye.backgroundColor = fog;
            Art.Tint(Glass, Ember, Mathf.Lerp(2.6f, 0.4f, gloom));
            foreach (Light lamp in _lamps) lamp.intensity = Mathf.Lerp(1.6f, 0.2f, gloom);
        }
    }
}
