using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Scenery and light: a disc under a sky that follows the mood, limited by rails.</summary>
    public sealed class EmberLight
    {
        private const int Stones = 14;
        private const float Brightest = 1.6f;

        private static readonly Color CalmSky = new Color(0.035f, 0.055f, 0.11f);
        private static readonly Color TenseSky = new Color(0.11f, 0.03f, 0.055f);
        private static readonly Color DawnSky = new Color(0.8f, 0.46f, 0.34f);
        private static readonly Color DawnLight = new Color(1f, 0.8f, 0.55f);
        private static readonly Color CalmEmber = new Color(1f, 0.55f, 0.2f);
        private static readonly Color TenseEmber = new Color(1f, 0.2f, 0.12f);

        private readonly Light _moon;
        private readonly Material _runes;

        /// <summary>Builds the scenery for a field of a radius.</summary>
        public EmberLight(Transform parent, float field)
        {
            var random = new System.Random(4);
            _moon = Art.Lamp(LightType.Directional, parent, new Vector3(0, 20, 0), Color.white, 1);
            _moon.transform.localRotation = Quaternion.Euler(52, 38, 0);
            Art.Shape(PrimitiveType.Cylinder, parent, new Vector3(0, -0.8f, 0), new Vector3(2 * field, 0.8f, 2 * field), Art.Paint(new Color(0.16f, 0.13f, 0.17f), 0));
            Material rock = Art.Paint(new Color(0.13f, 0.12f, 0.18f), 0);
            _runes = Art.Paint(CalmEmber, 1.5f);
            for (int i = 0; i < Stones; i++)
            {
                float angle = 2 * Mathf.PI * i / Stones, tall = 1.6f + 2.2f * (float)random.NextDouble();
                Vector3 at = new Vector3(Mathf.Cos(angle), 0, Mathf.Sin(angle)) * (field - 0.2f);
                Art.Shape(PrimitiveType.Cube, parent, at + Vector3.up * (0.4f * tall), new Vector3(0.8f, tall, 0.8f), rock);
                Art.Shape(PrimitiveType.Cube, parent, at * 0.97f + Vector3.up * (0.45f * tall), new Vector3(0.1f, 0.42f * tall, 0.1f), _runes);
            }
        }

        /// <summary>Current colour of the sky.</summary>
        public Color Sky { get; private set; }

        /// <summary>Current strength of the light, 0..1.</summary>
        public float Strength { get; private set; }

        /// <summary>Shows heat 0..1, stress 0..1 and the progress of the night 0..1, limited by the rails.</summary>
        public void Show(float heat, float stress, float dawn, SentioRails rails, float seconds)
        {
            float tense = Mathf.Clamp01(0.75f * heat + 0.35f * (stress - 0.3f));
            Color sky = Color.Lerp(CalmSky, TenseSky, tense);
            Sky = rails.LimitColour("sky", Color.Lerp(sky, DawnSky, dawn), seconds);
            Strength = rails.LimitLight("moon", Mathf.Lerp(Mathf.Lerp(0.45f, 0.85f, heat), 1, dawn), seconds);
            _moon.intensity = Brightest * Strength;
            Color moon = Color.Lerp(new Color(0.55f, 0.7f, 1f), new Color(1f, 0.55f, 0.5f), tense);
            _moon.color = rails.LimitColour("moon", Color.Lerp(moon, DawnLight, dawn), seconds);
            Art.Tint(_runes, rails.LimitColour("runes", Color.Lerp(CalmEmber, TenseEmber, tense), seconds), 1.5f);
            RenderSettings.ambientLight = Sky * Mathf.Lerp(2.5f, 1, dawn);
        }
    }
}
